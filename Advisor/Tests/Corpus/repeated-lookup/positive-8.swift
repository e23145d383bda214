struct Settings {
    let values: [String: String]

    func port() -> Int {
        if values["port"] != nil {
            return Int(values["port"]!) ?? 0 // expect: repeated-lookup
        }
        return 80
    }
}
