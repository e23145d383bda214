/// The name of a command, as two words that are the same for capitals and small letters.
///
/// Names of up to sixteen bytes differ where their words do, but for bytes that are no letters and make an unknown command in any case.
struct CommandName: Equatable {
    /// The longest name that can be told from others.
    static let longest = 16

    let head: UInt64
    let tail: UInt64
    let count: Int

    @inline(__always)
    init(_ name: UnsafeRawBufferPointer) {
        let capitals: UInt64 = 0xdfdf_dfdf_dfdf_dfdf
        count = name.count
        if count >= 8 {
            head = name.loadUnaligned(as: UInt64.self) & capitals
            tail = name.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) & capitals
        } else if count >= 4 {
            let low = UInt64(name.loadUnaligned(as: UInt32.self))
            let high = UInt64(name.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            head = (low | high << 32) & capitals
            tail = 0
        } else {
            var word: UInt64 = 0
            for byte in name { word = word << 8 | UInt64(byte) }
            head = word & capitals
            tail = 0
        }
    }

    @inline(__always)
    var hash: Int {
        let mixed =
            (head ^ (tail &* 0x9e37_79b9_7f4a_7c15) ^ UInt64(truncatingIfNeeded: count)) &* 0xd6e8_feb8_6659_fd93
        return Int(truncatingIfNeeded: mixed >> 40)
    }
}

/// What is done with commands, by name: a table with open addressing, never removed and at most half full.
///
/// Sendable, because it isn't changed once it is filled.
final class SidecarCommandTable: @unchecked Sendable {
    private struct Slot {
        var name = CommandName(UnsafeRawBufferPointer(start: nil, count: 0))
        var kind: SidecarCommand.Kind?
    }

    private static let slotCount = 512
    private let slots: UnsafeMutablePointer<Slot>
    private var count = 0

    init() {
        slots = .allocate(capacity: Self.slotCount)
        slots.initialize(repeating: Slot(), count: Self.slotCount)
    }

    deinit { slots.deallocate() }

    /// Adds a command, before anybody looks for one.
    func add(_ kind: SidecarCommand.Kind, _ name: UnsafeRawBufferPointer) {
        precondition(name.count <= CommandName.longest && count < Self.slotCount / 2, "the table can't take this name")
        let name = CommandName(name)
        var index = name.hash & (Self.slotCount - 1)
        while slots[index].kind != nil {
            precondition(slots[index].name != name, "two commands of one name")
            index = (index + 1) & (Self.slotCount - 1)
        }
        slots[index] = Slot(name: name, kind: kind)
        count += 1
    }

    /// What is done with a command; `nil` if it isn't in the table.
    @inline(__always)
    func kind(of name: CommandName) -> SidecarCommand.Kind? {
        guard name.count <= CommandName.longest else { return nil }
        var index = name.hash & (Self.slotCount - 1)
        while let kind = slots[index].kind {
            if slots[index].name == name { return kind }
            index = (index + 1) & (Self.slotCount - 1)
        }
        return nil
    }
}
