import StrataServer
import Testing

@Suite struct ByteSizeTests {
    @Test(arguments: [
        ("0", 0), ("512", 512), ("7b", 7), ("1k", 1_000), ("1kb", 1_024), ("3KiB", 3_072), ("2m", 2_000_000),
        ("100mb", 104_857_600),
        ("1g", 1_000_000_000), ("1GB", 1_073_741_824), ("2tb", 2_199_023_255_552),
    ])
    func readsNumberAndUnit(text: String, bytes: Int) {
        #expect(ByteSize.parse(text) == bytes)
    }

    @Test(arguments: [
        "", "gb", "-1", "1.5gb", "1 gb", " 1", "1xb", "9223372036854775807k", "99999999999999999999", "१",
    ])
    func returnsNil_whenTextIsNoSize(text: String) {
        #expect(ByteSize.parse(text) == nil)
    }
}
