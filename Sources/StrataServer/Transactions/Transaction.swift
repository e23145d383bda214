import StrataRESP

/// The commands a client has queued since `MULTI`.
final class Transaction {
    private(set) var requests: [QueuedRequest] = []
    private(set) var byteCount = 0
    /// Whether a command was refused while it was queued, so that `EXEC` must refuse all.
    var isAborted = false
    private var flags: CommandSpecification.Flags = []

    /// Appends a command with a copy of its arguments.
    func append(_ command: CommandReference, _ arguments: RESPArguments) {
        let request = QueuedRequest(command: command, arguments: arguments)
        requests.append(request)
        byteCount += request.byteCount
        flags.formUnion(command.pointee.flags)
    }

    /// Whether `command` is the one that carries the transaction out and a queued command needs memory.
    func deniesOOM(executing command: CommandReference) -> Bool {
        command.pointee.flags.contains(.executesTransaction) && flags.contains(.denyOOM)
    }

    /// Whether `command` is the one that carries the transaction out and a queued command writes.
    func writes(executing command: CommandReference) -> Bool {
        command.pointee.flags.contains(.executesTransaction) && flags.contains(.write)
    }
}

/// A command and a copy of its arguments.
final class QueuedRequest {
    let command: CommandReference
    /// Views of the copy; valid as long as this object.
    let arguments: RESPArguments
    let byteCount: Int
    private let memory: UnsafeMutableRawPointer

    /// Copies a request into one block: first the slices, then the bytes.
    init(command: CommandReference, arguments: RESPArguments) {
        typealias Slice = RESPArguments.Slice
        let slicesLength = arguments.count * MemoryLayout<Slice>.stride
        var length = slicesLength
        for index in 0..<arguments.count { length += arguments[index].count }
        memory = .allocate(byteCount: max(length, 1), alignment: MemoryLayout<Slice>.alignment)
        let slices = memory.bindMemory(to: Slice.self, capacity: arguments.count)
        var offset = slicesLength
        for index in 0..<arguments.count {
            let argument = arguments[index]
            slices[index] = Slice(offset: offset, length: argument.count)
            if let source = argument.baseAddress {
                (memory + offset).copyMemory(from: source, byteCount: argument.count)
            }
            offset += argument.count
        }
        self.command = command
        self.arguments = RESPArguments(bytes: memory, slices: slices, count: arguments.count)
        byteCount = length
    }

    deinit {
        memory.deallocate()
    }
}
