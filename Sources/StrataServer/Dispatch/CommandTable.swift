import StrataRESP

/// A command or subcommand as the dispatcher needs it: what is looked at for every request, close together.
struct Command {
    typealias Flags = CommandSpecification.Flags

    /// The position in ``CommandTable/commands``; statistics are kept by it.
    let index: Int
    let flags: Flags
    let access: CommandSpecification.Access
    /// Whether the second argument names one of ``subcommands``.
    let isContainer: Bool
    /// Whether there is exactly one key.
    let hasSingleKey: Bool
    let arity: Int
    let firstKey: Int
    let lastKey: Int
    let keyStep: Int
    let handler: CommandSpecification.Handler
    /// The name in lower case: of a subcommand, with its container and a bar, as in `client|list`.
    let fullName: String
    /// The positions of the subcommands in ``CommandTable/commands``.
    let subcommands: Range<Int>
    /// Everything that is known about the command.
    let specification: CommandSpecification

    init(_ specification: CommandSpecification, index: Int, container: String?, subcommands: Range<Int>) {
        self.index = index
        self.flags = specification.flags
        self.access = specification.access
        self.isContainer = !subcommands.isEmpty
        self.hasSingleKey = specification.firstKey > 0 && specification.firstKey == specification.lastKey
        self.arity = specification.arity
        self.firstKey = specification.firstKey
        self.lastKey = specification.lastKey
        self.keyStep = specification.keyStep
        self.handler = specification.handler
        self.fullName = container.map { $0 + "|" + specification.name } ?? specification.name
        self.subcommands = subcommands
        self.specification = specification
    }

    /// Whether a request of so many arguments is acceptable.
    @inline(__always)
    func accepts(argumentCount: Int) -> Bool {
        arity >= 0 ? argumentCount == arity : argumentCount >= -arity
    }
}

/// A command of a ``CommandTable``, which lives as long as the process: a pointer, so that passing it on counts no references.
typealias CommandReference = UnsafePointer<Command>

/// All commands the server knows, found by the bytes of their names in any case.
///
/// An open-addressed table of twice as many slots as names; the hash mixes the first eight bytes, the last eight and the length, all
/// with the case bit set. There is one table per process, made on first use and never freed.
final class CommandTable: @unchecked Sendable {
    // Reason for `@unchecked`: filled by `init` and never changed afterwards.

    /// The table of all commands.
    static let shared = CommandTable(specifications: lists.flatMap { $0 })

    /// The commands; a container's subcommands follow the last plain command.
    let commands: UnsafeBufferPointer<Command>
    /// How many of ``commands`` are no subcommands.
    let plainCount: Int

    private let slots: UnsafeMutablePointer<Slot>
    private let slotMask: Int

    /// One name: its length and up to sixteen of its bytes in lower case.
    ///
    /// Longer names are compared with the specification.
    private struct Slot {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var length = 0
        var command = 0
    }

    /// Creates a table; the names must be different.
    init(specifications: [CommandSpecification]) {
        let plain = specifications.sorted { $0.name < $1.name }
        var all: [Command] = []
        var next = plain.count
        for (index, specification) in plain.enumerated() {
            let subcommands = next..<next + specification.subcommands.count
            next = subcommands.upperBound
            all.append(Command(specification, index: index, container: nil, subcommands: subcommands))
        }
        for specification in plain {
            for subcommand in specification.subcommands {
                all.append(Command(subcommand, index: all.count, container: specification.name, subcommands: 0..<0))
            }
        }
        let storage = UnsafeMutableBufferPointer<Command>.allocate(capacity: all.count)
        _ = storage.initialize(from: all)
        commands = UnsafeBufferPointer(storage)
        plainCount = plain.count

        var slotCount = 16
        while slotCount < plain.count * 2 { slotCount *= 2 }
        slotMask = slotCount - 1
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: Slot(), count: slotCount)
        for index in 0..<plainCount {
            Array(commands[index].fullName.utf8).withUnsafeBytes { name in
                let (head, tail) = Self.words(name)
                var slot = Self.hash(head, tail, name.count) & slotMask
                while slots[slot].length != 0 {
                    precondition(
                        commands[slots[slot].command].fullName != commands[index].fullName, "two commands of one name")
                    slot = (slot + 1) & slotMask
                }
                slots[slot] = Slot(head: head, tail: tail, length: name.count, command: index)
            }
        }
    }

    /// The command of a name, which may be in any case.
    @inline(__always)
    func find(_ name: UnsafeRawBufferPointer) -> CommandReference? {
        guard name.count > 0, let base = commands.baseAddress else { return nil }
        let (head, tail) = Self.words(name)
        var index = Self.hash(head, tail, name.count) & slotMask
        while true {
            let slot = slots + index
            if slot.pointee.length == name.count, slot.pointee.head == head, slot.pointee.tail == tail {
                let command = base + slot.pointee.command
                if name.count <= 16 || Self.equals(name, command.pointee.fullName) { return command }
            }
            if slot.pointee.length == 0 { return nil }
            index = (index + 1) & slotMask
        }
    }

    /// The command of a name given as text, with a bar before a subcommand.
    func find(_ name: String) -> CommandReference? {
        guard let base = commands.baseAddress else { return nil }
        let name = name.lowercased()
        return commands.firstIndex { $0.fullName == name }.map { base + $0 }
    }

    /// The subcommand of a name, which may be in any case.
    func findSubcommand(_ name: UnsafeRawBufferPointer, of container: CommandReference) -> CommandReference? {
        guard let base = commands.baseAddress else { return nil }
        for index in container.pointee.subcommands where Self.equals(name, commands[index].specification.name) {
            return base + index
        }
        return nil
    }

    /// The first and the last eight bytes, zeros added, with the case bit of each set.
    ///
    /// Setting the bit maps no two names of commands onto each other, and a name that is none onto one only if it differs in bits
    /// no letter has.
    @inline(__always)
    private static func words(_ name: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        let caseBits: UInt64 = 0x2020_2020_2020_2020
        let count = name.count
        if count >= 8 {
            return (
                name.loadUnaligned(as: UInt64.self) | caseBits,
                name.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) | caseBits
            )
        }
        if count >= 4 {
            let low = UInt64(name.loadUnaligned(as: UInt32.self))
            let high = UInt64(name.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            return ((low | high << 32) | caseBits, 0)
        }
        var word: UInt64 = 0
        for byte in name { word = word << 8 | UInt64(byte) }
        return (word | caseBits, 0)
    }

    @inline(__always)
    private static func hash(_ head: UInt64, _ tail: UInt64, _ length: Int) -> Int {
        let mixed =
            (head ^ (tail &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(truncatingIfNeeded: length)) &* 0xD6E8_FEB8_6659_FD93
        return Int(truncatingIfNeeded: mixed >> 40)
    }

    /// Whether the bytes, with capitals taken as small letters, are the text.
    private static func equals(_ bytes: UnsafeRawBufferPointer, _ text: String) -> Bool {
        guard bytes.count == text.utf8.count else { return false }
        return zip(bytes, text.utf8).allSatisfy { byte, expected in
            (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) == expected
        }
    }
}
