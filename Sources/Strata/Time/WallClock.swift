/// The monotonic clock and its relation to the time of day.
package struct WallClock {
    /// Milliseconds on the monotonic clock.
    package static func nowTicks() -> Int64 { fatalError("stub") }
    /// The tick of a time given in milliseconds since 1970; saturates.
    package static func ticks(fromUnixMilliseconds milliseconds: Int64) -> Int64 { fatalError("stub") }
    /// The time, in milliseconds since 1970, of a tick; saturates.
    package static func unixMilliseconds(fromTicks ticks: Int64) -> Int64 { fatalError("stub") }
}
