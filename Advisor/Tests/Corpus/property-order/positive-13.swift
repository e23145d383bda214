struct Span { // expect: property-order
    let isOpen: Bool
    let start: UInt64
    let isLast: Bool
}
func spans(_ starts: [UInt64]) -> [Span] {
    var spans: [Span] = []
    starts.forEach { spans.append(Span(isOpen: true, start: $0, isLast: false)) }
    return spans
}
