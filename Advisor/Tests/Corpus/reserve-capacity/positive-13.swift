func copy(_ settings: [String: Any]) -> [String: String] {
    var texts: [String: String] = [:]
    for setting in settings {
        texts[setting.key] = text(of: setting.value) // expect: reserve-capacity
    }
    return texts
}
