import Strata

/// What clients must send with `AUTH`.
///
/// **Concurrency:** from any thread.
final class Passwords: Sendable {
    private let password: Locked<[UInt8]?>
    private let required = RelaxedInteger()

    /// Keeps a password; `nil` or an empty one lets everybody in.
    init(_ password: [UInt8]?) {
        self.password = Locked(nil)
        set(password)
    }

    /// Whether clients must authenticate.
    var isRequired: Bool { required.current != 0 }

    /// The password.
    var current: [UInt8]? { password.withLock { $0 } }

    /// Replaces the password; clients that are connected stay what they are.
    func set(_ newPassword: [UInt8]?) {
        let effective = newPassword?.isEmpty == false ? newPassword : nil
        password.withLock { $0 = effective }
        required.set(effective == nil ? 0 : 1)
    }

    /// Whether an attempt is right.
    ///
    /// Without a password every attempt is.
    ///
    /// Takes a time that depends on the attempt's length alone, so that nothing about the password can be learnt from it.
    func matches(_ attempt: UnsafeRawBufferPointer) -> Bool {
        guard let password = current, !password.isEmpty else { return true }
        var difference = UInt8(password.count == attempt.count ? 0 : 1)
        var position = 0
        for byte in attempt {
            difference |= byte ^ password[position]
            position += 1
            if position == password.count { position = 0 }
        }
        return difference == 0
    }
}
