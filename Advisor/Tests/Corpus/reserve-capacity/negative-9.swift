// The table lives on from turn to turn of the outer loop.
func merge(_ batches: [[Item]]) -> [Int: Item] {
    var all: [Int: Item] = [:]
    for batch in batches {
        for item in batch {
            all[item.id] = item
        }
    }
    return all
}
