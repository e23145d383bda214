/// Which colour each subject of a report has: the same in all of its plots.
struct Palette {
    private var colours: [String: Int] = [:]

    /// The class of what isn't a subject, as noise: grey.
    static let greyClass = "g"

    /// Gives colours in the order in which subjects appear.
    init(_ sections: [LabReport.Section]) {
        let names = sections.flatMap { section in
            section.bars.flatMap(\.subjects) + section.lines.flatMap { $0.series.map(\.name) }
        }
        for name in names where colours[name] == nil && name != "noise" { colours[name] = colours.count }
    }

    /// The end of the style sheet's classes for a subject: `f` before it fills, `s` before it strokes.
    func suffix(of name: String) -> String {
        colours[name].map { "\($0 % PageStyle.colourCount)" } ?? Self.greyClass
    }
}
