/// One connected client: what it has selected, agreed on and queued.
///
/// Belongs to its event loop; other threads touch it only through members that say so.
final class Client {
    /// A number that no other client of this server ever had.
    let identifier: UInt64
    /// The selected database.
    var database = 0

    /// Creates a client in its initial state.
    init(identifier: UInt64) {
        self.identifier = identifier
    }
}
