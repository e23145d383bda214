final class Users {
    private let queue = DispatchQueue(label: "users")
    private var byName: [String: User] = [:] // expect: locked-dictionary

    func respond(_ name: String) -> User? { queue.sync { byName[name] } }
    func add(_ user: User) { queue.sync { byName[user.name] = user } }
}
