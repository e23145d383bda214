import Testing

extension Tag {
    /// Seeded random operations against a plain model.
    @Tag static var model: Self
    /// Threads against each other.
    @Tag static var stress: Self
    /// Recorded histories checked for a sequential explanation.
    @Tag static var linearizability: Self
    /// Live objects counted: nothing leaks, nothing is freed twice.
    @Tag static var lifetime: Self
}
