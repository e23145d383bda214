final class Delegate: NSObject {
    let name: String
    init(name: String) { self.name = name }
}
func delegates(_ names: [String]) -> [Delegate] { names.map { Delegate(name: $0) } }
