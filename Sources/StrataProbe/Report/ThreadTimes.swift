/// How one thread spent its time, by looks at its state.
public struct ThreadTimes: Sendable, Codable {
    /// The thread's number in the system.
    public var identifier: Int
    /// Its name; threads that weren't named have the program's.
    public var name: String
    /// Looks at which it was on a processor or waiting for one.
    public var running: Int
    /// Looks at which it waited for something: a lock, a socket, a timer.
    public var sleeping: Int
    /// Looks at which it waited for a disk or the like and couldn't be interrupted.
    public var blocked: Int
    /// Seconds on a processor, as the scheduler counts them.
    public var onProcessor: Double
    /// Seconds ready to run but without a processor.
    public var waiting: Double
    /// The largest share of a look's interval that it was ready without a processor.
    public var worstDelay: Double

    /// Whether it waited for a processor for a tenth of the time it wanted one, and for a hundredth of a second at least.
    public var isDelayed: Bool { waiting >= 0.01 && waiting > (waiting + onProcessor) / 10 }
}
