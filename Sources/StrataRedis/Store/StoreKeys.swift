/// The names of the keys that ``RedisStore`` keeps beside those of its user.
///
/// A companion of a key lies in the same slot: its name begins with a prefix and, in braces, a short text with that slot. So there
/// is one for every key, whatever braces that holds itself.
enum StoreKeys {
    static let leasePrefix = Array("strata:lease:{".utf8)
    static let canaryPrefix = Array("strata:canary:{".utf8)

    /// The key that stands for the lease of a key.
    static func lease(of key: [UInt8]) -> [UInt8] {
        leasePrefix + Array(HashSlot(of: key).tag.utf8) + [UInt8(ascii: "}")] + key
    }

    /// The key whose lease this key stands for; `nil` if it is no lease.
    static func leased(by key: [UInt8]) -> [UInt8]? {
        guard key.starts(with: leasePrefix), let close = key[leasePrefix.count...].firstIndex(of: UInt8(ascii: "}"))
        else {
            return nil
        }
        return Array(key[(close + 1)...])
    }

    /// The canary of a process in a slot.
    static func canary(slot: HashSlot, process: String) -> [UInt8] {
        canaryPrefix + Array(slot.tag.utf8) + [UInt8(ascii: "}")] + Array(process.utf8)
    }

    /// Whether a key is somebody's canary.
    static func isCanary(_ key: [UInt8]) -> Bool { key.starts(with: canaryPrefix) }
}
