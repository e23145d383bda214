class Animal {
    let name: String
    init(name: String) { self.name = name }
}
final class Dog: Animal {}
func animals(_ names: [String]) -> [Animal] { names.map { Animal(name: $0) } }
