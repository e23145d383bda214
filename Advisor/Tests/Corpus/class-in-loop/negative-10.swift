protocol Listener: AnyObject {}
final class Printer: Listener {
    let prefix: String
    init(_ prefix: String) { self.prefix = prefix }
}
func printers(_ names: [String]) -> [Printer] { names.map { Printer($0) } }
