struct Item {
    var data: [UInt8]
    var expires: ContinuousClock.Instant
}
final class Memory {
    var items = [String: Item]() // expect: hand-written-expiry

    func get(_ key: String) -> [UInt8]? {
        if let item = items[key] {
            if item.expires < ContinuousClock.now {
                items[key] = nil
                return nil
            }
            return item.data
        }
        return nil
    }
    func set(_ key: String, _ item: Item) { items[key] = item }
}
