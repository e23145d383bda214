func icon(_ name: String) -> String {
    let dark = ["home": "h1", "back": "b1", "next": "n1"] // expect: literal-keys
    let light = ["home": "h2", "back": "b2", "next": "n2"] // expect: literal-keys
    return isDark ? dark[name] ?? "" : light[name] ?? ""
}
