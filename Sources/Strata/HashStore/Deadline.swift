/// The representation of "a deadline or none" in blocks and heaps: an absolute tick, or a value no clock reaches.
enum Deadline {
    /// No deadline: later than every tick, so that comparisons need no special case.
    static let none = Int64.max

    /// The stored form of an optional deadline.
    ///
    /// A deadline at the end of time is none.
    @inline(__always)
    static func stored(_ deadline: Int64?) -> Int64 { deadline ?? none }

    /// The optional form of a stored deadline.
    @inline(__always)
    static func optional(_ stored: Int64) -> Int64? { stored == none ? nil : stored }

    /// Whether something with this stored deadline is gone at `now`: a deadline is the first tick without it.
    @inline(__always)
    static func hasPassed(_ stored: Int64, at now: Int64) -> Bool { stored <= now }
}
