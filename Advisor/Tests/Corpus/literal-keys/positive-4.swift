struct Message {
    let kind: Kind

    var title: String {
        let titles: [Kind: String] = [.info: "Info", .warning: "Warning", .failure: "Failure"] // expect: literal-keys
        return titles[kind]!
    }
}
