import Testing

@testable import StrataServer

@Suite struct RequestRulesTests {
    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:8080", "localhost", "LOCALHOST:1", "localhost.", "a.localhost:8080", "[::1]",
        "[::1]:8080", "192.0.2.7", "",
        ":8080",
    ])
    func answersToAddressesAndNamesOfThisMachine(authority: String) {
        #expect(RequestRules.isOfThisMachine(authority))
    }

    @Test(arguments: [
        "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "evillocalhost",
        "[evil]", "[::1", "127.0.0.1@evil",
        "0x7f.1", "\u{202e}localhost",
    ])
    func refusesOtherNames(authority: String) {
        #expect(!RequestRules.isOfThisMachine(authority))
    }
}
