import CStrataProbe

/// The memory that a watched program writes and its watcher reads.
///
/// `@unchecked Sendable` for this reason: the pointer never changes, and what it points to is written with atomics or by one thread only; a
/// reader sees each number as it was at some moment, see strata_probe.h.
final class ProbeChannel: @unchecked Sendable {
    let pointer: OpaquePointer
    private let isMapped: Bool

    /// A channel of this process alone, which is never given back: hooks that are in place use it for good.
    init?(interval: Int, backtraces: Bool) {
        guard let pointer = strata_probe_channel_create(UInt32(clamping: interval), backtraces ? 1 : 0) else {
            return nil
        }
        self.pointer = pointer
        isMapped = false
    }

    /// The channel in a file made by `strata_probe_channel_file`.
    init?(descriptor: Int32) {
        guard let pointer = strata_probe_channel_map(descriptor) else { return nil }
        self.pointer = pointer
        isMapped = true
    }

    deinit {
        if isMapped {
            strata_probe_channel_unmap(pointer)
        }
    }

    /// How far the watching has come.
    var summary: strata_probe_summary {
        var summary = strata_probe_summary()
        strata_probe_read_summary(pointer, &summary)
        return summary
    }

    /// What the probe says about its state; empty if nothing is wrong.
    var message: String { summary.message.map { String(cString: $0) } ?? "" }

    /// The name of the type at an index, as in `[String: Int]`.
    func typeName(_ index: Int) -> String {
        var type = strata_probe_type_summary()
        strata_probe_read_type(pointer, UInt32(index), &type)
        return type.name.map { String(cString: $0) } ?? "?"
    }

    /// Growths and other changes of storages so far; the same may be there more than once.
    var growths: [strata_probe_growths] {
        let room = strata_probe_read_growths(pointer, nil, 0) + 1024
        return [strata_probe_growths](unsafeUninitializedCapacity: room) { buffer, count in
            count = min(room, strata_probe_read_growths(pointer, buffer.baseAddress, room))
        }
    }

    /// The event with an index, if it is still there.
    func event(_ index: UInt64) -> strata_probe_event? {
        var event = strata_probe_event()
        return strata_probe_read_event(pointer, index, &event) ? event : nil
    }
}
