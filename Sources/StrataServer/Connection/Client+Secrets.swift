import StrataRESP

extension Client {
    /// Whether an argument of a request must not be shown to anybody: passwords, in whichever command they come.
    func isSecret(_ index: Int, of arguments: RESPArguments) -> Bool {
        guard index > 0, arguments.count > 1 else { return false }
        let command = arguments[0]
        if command.spells("AUTH") { return true }
        if command.spells("HELLO") {
            return (2..<max(arguments.count, 2)).contains { option in
                arguments[option].spells("AUTH") && (index == option + 1 || index == option + 2)
            }
        }
        if command.spells("ACL") { return index > 1 && arguments[1].spells("SETUSER") }
        if command.spells("CONFIG"), arguments[1].spells("SET"), index >= 3, index % 2 == 1 {
            return Settings.find(String(decoding: arguments[index - 1], as: UTF8.self))?.isSecret == true
        }
        return false
    }
}
