// Filled over many calls, not by one loop.
final class Names {
    var byID: [Int: String] = [:]

    func add(_ people: [Person]) {
        for person in people {
            byID[person.id] = person.name
        }
    }
}
