import AdvisorCore
import AdvisorReports
import AdvisorRules
import Testing

/// The settings file.
@Suite struct ConfigurationTests {
    @Test func readsAllSettings() throws {
        let configuration = try Configuration(
            yaml: """
                rules:
                  locked-dictionary: on
                  reserve-capacity: off
                  unbounded-cache: error
                exclude:
                  - Sources/Vendored
                  - "**/Legacy*"
                fail-on: error
                include-tests: true
                include-examples: false
                """, path: "c.yml")
        #expect(configuration.excluded == ["Sources/Vendored", "**/Legacy*"])
        #expect(configuration.failOn == .error)
        #expect(configuration.includesTests == true)
        #expect(configuration.includesExamples == false)
        let selection = configuration.selection
        #expect(selection.enabled.contains("locked-dictionary"))
        #expect(!selection.enabled.contains("reserve-capacity"))
        #expect(selection.severities == ["unbounded-cache": .error])
        #expect(selection.asked == ["locked-dictionary", "unbounded-cache"])
    }

    @Test func severityOfARuleThatIsOnAsksForNoMore() throws {
        let severity = try Configuration(yaml: "rules:\n  property-order: warning", path: "c.yml").selection
        #expect(severity.enabled.contains("property-order") && severity.asked.isEmpty)
        let on = try Configuration(yaml: "rules:\n  property-order: on", path: "c.yml").selection
        #expect(on.asked == ["property-order"])
        #expect(RuleSelection().asked.isEmpty)
    }

    @Test(arguments: ["", "# only a comment\n"])
    func takesDefaultsFromAnEmptyFile(text: String) throws {
        let configuration = try Configuration(yaml: text, path: "c.yml")
        #expect(configuration == Configuration())
    }

    @Test(arguments: [
        ("rule:\n  reserve-capacity: off\n", "c.yml:1: there is no setting 'rule'"),
        ("fail-on: error\nrules:\n  reserve-capcity: off\n", "c.yml:3: there is no rule 'reserve-capcity'"),
        ("rules:\n  reserve-capacity: maybe\n", "c.yml:2: 'reserve-capacity' must be on, off, note, warning or error"),
        ("fail-on: fatal\n", "c.yml:1: 'fail-on' must be note, warning or error"),
        ("\ninclude-tests: 3\n", "c.yml:2: 'include-tests' must be true or false"),
        ("exclude: Sources\n", "c.yml:1: 'exclude' must be a list of paths"),
        ("- a\n- b\n", "c.yml:1: the file must be a mapping of settings"),
        ("rules: [a\n", "c.yml:2: this isn't YAML: "),
    ])
    func namesFileAndLineOfWhatIsWrong(text: String, complaint: String) {
        do {
            _ = try Configuration(yaml: text, path: "c.yml")
            Issue.record("'\(text)' was taken")
        } catch {
            #expect("\(error)".hasPrefix(complaint), "\(error)")
        }
    }

    @Test(arguments: [
        ("rules:\n  locked-dictionary: on\n bad: [\n", "c.yml:3: this isn't YAML: "),
        ("rules:\n  reserve-capacity: on\n  reserve-capacity: off\n", "'reserve-capacity' is set more than once"),
    ])
    func namesTheLine_whenItIsNotYAML(text: String, message: String) {
        let error = #expect(throws: Configuration.Invalid.self) { try Configuration(yaml: text, path: "c.yml") }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
