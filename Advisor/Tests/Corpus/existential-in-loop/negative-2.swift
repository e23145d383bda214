protocol Shape {}
struct Box: Shape { var a, b, c, d: Double }
func boxes(_ rows: [Row]) -> [Box] {
    var boxes: [Box] = []
    for row in rows { boxes.append(Box(a: row.a, b: 0, c: 0, d: 0)) }
    return boxes
}
