func decode(_ rows: [[String]]) -> [String: [String]] {
    guard let header = rows.first, !header.isEmpty else { return [:] }
    var byKey: [String: [String]] = [:]
    for row in rows {
        _ = byKey.updateValue(row, forKey: row[0]) // expect if asked: reserve-capacity
    }
    return byKey
}
