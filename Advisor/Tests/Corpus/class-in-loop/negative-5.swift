// Its identity is asked for.
final class Ticket {
    let number: Int
    init(_ number: Int) { self.number = number }
}
func tickets(_ count: Int) -> [Ticket] { (0..<count).map { Ticket($0) } }
func same(_ a: Ticket, _ b: Ticket) -> Bool { a === b }
