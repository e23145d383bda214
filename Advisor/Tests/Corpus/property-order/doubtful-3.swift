// A tenth is saved.
struct Section { // expect: property-order
    var kind: UInt8
    var title: String
    var eyebrow: String
    var text: String
    var note: String
    var isHidden: Bool
    var isLast: Bool
}
func sections(_ titles: [String]) -> [Section] {
    var sections: [Section] = []
    for title in titles {
        sections.append(Section(kind: 0, title: title, eyebrow: "", text: "", note: "", isHidden: false, isLast: false))
    }
    return sections
}
