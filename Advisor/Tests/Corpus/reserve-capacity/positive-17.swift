struct Environment {
    var variables: [String: String] = [:]

    var settings: [String: Setting] {
        var settings = [String: Setting]()
        for (name, value) in variables {
            settings[name] = .text(value) // expect: reserve-capacity
        }
        return settings
    }
}
