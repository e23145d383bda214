func group(_ orders: [Order]) -> [Int: [Order]] {
    var result: [Int: [Order]] = [:]
    for order in orders {
        var list = result[order.customer] ?? [Order]() // expect: copy-on-write-copy
        list.append(order)
        result[order.customer] = list
    }
    return result
}
