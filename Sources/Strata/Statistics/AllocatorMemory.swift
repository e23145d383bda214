import CStrata

/// The memory of the allocator that maps and stores take theirs from, in bytes.
public enum AllocatorMemory {
    /// Gives memory back to the system that was freed but kept for later use.
    ///
    /// After a peak this can be most of a process's resident memory. It takes time in proportion to the memory there is to give back,
    /// and holds up allocations of other threads now and then. Does nothing where the C library has no such function; see
    /// `malloc_trim(3)`.
    ///
    /// **Concurrency:** from any thread.
    public static func releaseFree() {
        strata_allocator_trim()
    }
}

/// The processors this process may run on.
package enum AvailableProcessors {
    /// How many, by the affinity mask; at least 1.
    package static var count: Int { Int(strata_available_cores()) }
}
