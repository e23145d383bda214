/// Changes of one hash that the second tier hasn't seen, put together.
package struct PendingChange: Hashable, Sendable {
    /// What becomes of a field.
    package enum Field: Hashable, Sendable {
        /// It gets a value, until a moment.
        case set([UInt8], deadline: Instant)
        /// It goes.
        case remove
    }

    /// Whether everything else goes first.
    package var removesEverything: Bool
    /// Names in the order in which they were first changed.
    package private(set) var names: [[UInt8]] = []
    private var changes: [[UInt8]: Field] = [:]

    /// A change of nothing.
    package init(removesEverything: Bool = false) { self.removesEverything = removesEverything }

    /// What becomes of a field.
    package subscript(name: [UInt8]) -> Field? {
        get { changes[name] }
        set {
            if let newValue {
                if changes.updateValue(newValue, forKey: name) == nil { names.append(name) }
            } else if changes.removeValue(forKey: name) != nil {
                names.removeAll { $0 == name }
            }
        }
    }

    /// Adds what was changed later.
    package mutating func merge(_ later: PendingChange) {
        if later.removesEverything {
            self = later
            return
        }
        for name in later.names { self[name] = later[name] }
    }

    /// What is known of a field before the second tier is asked; `nil` if the change says nothing of it.
    package func content(of name: [UInt8], now: Instant) -> RemoteField.Content? {
        switch self[name] {
        case .set(let value, let deadline): deadline > now ? .value(value) : .missing
        case .remove: .missing
        case nil: removesEverything ? .missing : nil
        }
    }

    /// The write that does it.
    ///
    /// - Parameters:
    ///   - now: The present: what has ended meanwhile isn't set.
    ///   - keyLifetime: How long a key is to live whose fields live at most so long.
    /// - Returns: One write for all of it.
    package func write(now: Instant, keyLifetime: (Duration) -> Duration) -> HashWrite {
        var fields: [RemoteField] = []
        var removed: [[UInt8]] = []
        var longest = Duration.zero
        for name in names {
            if case .set(let value, let deadline) = self[name], deadline > now {
                fields.append(RemoteField(name: name, content: .value(value), deadline: deadline))
                longest = max(longest, now.duration(to: deadline))
            } else {
                removed.append(name)
            }
        }
        return HashWrite(
            setting: fields, removing: removesEverything ? .everything : removed.isEmpty ? .none : .fields(removed),
            keyLifetime: fields.isEmpty ? .keep : .atLeast(keyLifetime(longest)))
    }
}
