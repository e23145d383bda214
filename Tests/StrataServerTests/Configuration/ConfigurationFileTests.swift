import StrataServer
import Testing

@Suite struct ConfigurationFileTests {
    private func items(_ text: String) throws -> [String: String] {
        try ConfigurationFile(path: "strata.yaml", text: text).items.mapValues(\.value)
    }

    private func failure(_ text: String) -> String? {
        do {
            _ = try ConfigurationFile(path: "strata.yaml", text: text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func readsYAML() throws {
        #expect(
            try items("# cache\nport: 6380\nmax-memory: 1gb\nenable-debug-command: true\n") == [
                "port": "6380", "max-memory": "1gb", "enable-debug-command": "true",
            ])
    }

    @Test func readsJSON() throws {
        #expect(try items("{\n\t\"port\": 6380,\n\t\"bind\": \"::1\"\n}\n") == ["port": "6380", "bind": "::1"])
    }

    @Test(arguments: ["", "\n", "# nothing\n", "---\n", "{}"])
    func isEmpty_whenFileSaysNothing(text: String) throws {
        #expect(try items(text).isEmpty)
    }

    @Test func keepsLines() throws {
        let file = try ConfigurationFile(path: "a.yaml", text: "port: 1\n\nbind: x\n")
        #expect(file.origin(of: "bind") == "a.yaml:3: bind")
    }

    @Test func namesLineAndNearestOption_whenKeyIsMisspelt() {
        #expect(
            failure("port: 1\nmax-memry: 1gb\n") == "strata.yaml:2: max-memry: is not an option; is 'max-memory' meant?"
        )
    }

    @Test func pointsToHelp_whenKeyIsUnknown() throws {
        let message = try #require(failure("colour: red\n"))
        #expect(message.hasPrefix("strata.yaml:1: colour: is not an option; see"))
    }

    @Test(arguments: ["port: [1, 2]\n", "port:\n  number: 1\n"])
    func refusesNestedValues(text: String) throws {
        let message = try #require(failure(text))
        #expect(message.contains("single value"))
    }

    @Test func refusesList() throws {
        let message = try #require(failure("- port\n"))
        #expect(message.contains("option: value"))
    }

    @Test func namesLine_whenSyntaxIsWrong() throws {
        let message = try #require(failure("port: 1\nbind: \"127\n"))
        #expect(message.hasPrefix("strata.yaml:") && message.contains("is not YAML"))
    }

    @Test func refusesKeyGivenTwice() throws {
        let message = try #require(failure("port: 1\nport: 2\n"))
        #expect(message.contains("twice: port"))
    }

    @Test func namesPath_whenFileIsMissing() {
        #expect(
            throws: ConfigurationError(
                origin: "--config", reason: "can't open /nonexistent/x.yaml: No such file or directory")
        ) {
            try ConfigurationFile(path: "/nonexistent/x.yaml")
        }
    }
}
