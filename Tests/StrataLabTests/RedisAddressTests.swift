import StrataLab
import Testing

@Suite struct RedisAddressTests {
    @Test func partsAreRead() throws {
        let address = try RedisAddress(url: "redis://:secret@example.org:7000/")
        #expect(address.host == "example.org")
        #expect(address.port == 7_000)
        #expect(address.password == "secret")
        #expect(try RedisAddress(url: "redis://localhost").port == 6_379)
    }

    @Test(arguments: ["", "localhost", "redis://", "redis://a:b", "redis://a:0", "redis://a:1:2", "http://a"])
    func nonsenseIsRefused(url: String) {
        #expect(throws: RedisAddress.Malformed.self) { try RedisAddress(url: url) }
    }
}
