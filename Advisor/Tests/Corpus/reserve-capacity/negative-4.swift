// Groups: far fewer keys than elements.
func grouped(_ orders: [Order]) -> [Int: [Order]] {
    var groups: [Int: [Order]] = [:]
    for order in orders {
        groups[order.customer, default: []].append(order)
    }
    return groups
}
