// Not a cache: what is registered stays.
final class CommandRegistry {
    private var commands: [String: Command] = [:]

    func register(_ name: String, _ command: Command) { commands[name] = command }
    func command(_ name: String) -> Command? { commands[name] }
}
