import Strata
import StrataRESP

/// When a deadline may be replaced: `NX`, `XX`, `GT`, `LT`.
///
/// No deadline counts as one that never comes: `GT` can't exceed it, `LT` always precedes it.
struct DeadlineCondition: OptionSet {
    let rawValue: UInt8

    /// Only where there is no deadline.
    static let ifNone = DeadlineCondition(rawValue: 1)
    /// Only where there is a deadline.
    static let ifAny = DeadlineCondition(rawValue: 2)
    /// Only a later one.
    static let ifLater = DeadlineCondition(rawValue: 4)
    /// Only an earlier one.
    static let ifEarlier = DeadlineCondition(rawValue: 8)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The condition a word names; empty if it names none.
    init(word: UnsafeRawBufferPointer) {
        if word.spells("NX") {
            self = .ifNone
        } else if word.spells("XX") {
            self = .ifAny
        } else if word.spells("GT") {
            self = .ifLater
        } else if word.spells("LT") {
            self = .ifEarlier
        } else {
            self = []
        }
    }

    /// Reads the conditions of `EXPIRE` and its relatives, which follow the time.
    init(ofExpire context: CommandContext) throws(CommandError) {
        self = []
        guard context.arguments.count > 3 else { return }
        for index in 3..<context.arguments.count {
            let condition = DeadlineCondition(word: context.arguments[index])
            guard !condition.isEmpty else {
                throw CommandError("ERR Unsupported option \(context.arguments[index].shown)")
            }
            formUnion(condition)
        }
        if contains(.ifNone), !isSubset(of: .ifNone) {
            throw CommandError("ERR NX and XX, GT or LT options at the same time are not compatible")
        }
        if contains([.ifLater, .ifEarlier]) {
            throw CommandError("ERR GT and LT options at the same time are not compatible")
        }
    }

    /// Whether a deadline may take the place of the one there is.
    func allows(_ deadline: Int64, insteadOf present: Int64?) -> Bool {
        guard let present else { return isDisjoint(with: [.ifAny, .ifLater]) }
        if contains(.ifNone) { return false }
        if contains(.ifLater) { return deadline > present }
        if contains(.ifEarlier) { return deadline < present }
        return true
    }
}
