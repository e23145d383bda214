import CStrataLab

/// Counts what a thread allocates from the C library, which is where Swift's objects, arrays and closures come from.
///
/// Counting begins for the whole process with the first counter and costs about a nanosecond per allocation from then on; a process
/// that has no counter pays nothing.
package struct AllocationCounter: Sendable {
    private var allocations: UInt64
    private var bytes: UInt64

    /// Begins to count on the calling thread.
    ///
    /// - Returns: `nil` where allocations can't be counted.
    package init?() {
        guard strata_lab_count_allocations() > 0 else { return nil }
        allocations = strata_lab_thread_allocations()
        bytes = strata_lab_thread_allocated_bytes()
    }

    /// How often this thread has allocated since the counter was made; to be asked on the thread that made it.
    package var count: Int { Int(strata_lab_thread_allocations() - allocations) }

    /// How much it asked for.
    package var byteCount: Int { Int(strata_lab_thread_allocated_bytes() - bytes) }
}
