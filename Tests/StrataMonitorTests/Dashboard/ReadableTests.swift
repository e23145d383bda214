import StrataMonitor
import Testing

@Suite struct ReadableTests {
    @Test(
        arguments: [
            (0, "0"), (7, "7"), (0.25, "0.25"), (950, "950"), (999.6, "1 k"), (12_400, "12.4 k"), (3_100_000, "3.1 M"),
            (100_000, "100 k"), (2.5e9, "2.5 G"), (-1_500, "-1.5 k"),
        ] as [(Double, String)])
    func writesCounts(value: Double, text: String) {
        #expect(Readable.count(value) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (1536, "1.5 KB"), (1 << 30, "1 GB"), (150 << 20, "150 MB"),
    ])
    func writesBytes(value: Int, text: String) {
        #expect(Readable.bytes(value) == text)
    }

    @Test(
        arguments: [
            (430e-9, "430 ns"), (1e-6, "1 µs"), (1.25e-6, "1.25 µs"), (0.015, "15 ms"), (2, "2 s"), (0.999_9, "1 s"),
        ] as [(Double, String)])
    func writesLatencies(seconds: Double, text: String) {
        #expect(Readable.latency(seconds) == text)
    }

    @Test(
        arguments: [
            (0, "0 s"), (89, "89 s"), (90, "2 min"), (1_020, "17 min"), (12_000, "3 h 20 min"), (7_200, "2 h"),
            (439_200, "5 d 2 h"),
            (432_000, "5 d"),
        ] as [(Double, String)])
    func writesDurations(seconds: Double, text: String) {
        #expect(Readable.duration(seconds) == text)
    }

    @Test(
        arguments: [
            (0, "0 %"), (1, "100 %"), (0.982, "98.2 %"), (0.999_7, "99.97 %"), (0.000_4, "0.04 %"), (0.05, "5.0 %"),
            (0.999_99, "100 %"),
        ] as [(Double, String)])
    func writesShares(value: Double, text: String) {
        #expect(Readable.percent(value) == text)
    }

    @Test func writesADash_whenThereIsNoNumber() {
        #expect(Readable.count(nil) == "–")
        #expect(Readable.latency(.nan) == "–")
        #expect(Readable.duration(.infinity) == "–")
    }
}
