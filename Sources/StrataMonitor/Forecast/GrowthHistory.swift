/// One stretch of time of a growing figure.
struct GrowthBucket {
    /// Seconds on the samples' clock: the mean of the samples' times.
    var time: Double
    /// The samples' mean.
    var mean: Double
    /// How many samples there were.
    var count: Int

    init(_ sample: GrowthSample) {
        time = sample.time
        mean = sample.value
        count = 1
    }

    mutating func add(_ sample: GrowthSample) {
        count += 1
        time += (sample.time - time) / Double(count)
        mean += (sample.value - mean) / Double(count)
    }
}

/// The newest buckets of a fixed width, oldest first.
struct GrowthBucketRing {
    /// Seconds that a bucket covers.
    let width: Double
    private let capacity: Int
    private var storage: [GrowthBucket] = []
    private var head = 0
    /// The bucket that samples still go to.
    private var open: (index: Double, bucket: GrowthBucket)?

    init(width: Double, capacity: Int) {
        self.width = width
        self.capacity = capacity
        storage.reserveCapacity(capacity)
    }

    /// How many buckets are complete.
    var count: Int { storage.count }

    /// A complete bucket, the oldest at 0.
    subscript(index: Int) -> GrowthBucket { storage[(head + index) % storage.count] }

    /// The newest complete bucket.
    var last: GrowthBucket? { count == 0 ? nil : self[count - 1] }

    /// Takes a sample.
    ///
    /// - Returns: Whether a bucket became complete by it.
    mutating func add(_ sample: GrowthSample) -> Bool {
        let index = (sample.time / width).rounded(.down)
        guard let current = open else {
            open = (index, GrowthBucket(sample))
            return false
        }
        if current.index == index {
            open?.bucket.add(sample)
            return false
        }
        append(current.bucket)
        open = (index, GrowthBucket(sample))
        return true
    }

    private mutating func append(_ bucket: GrowthBucket) {
        if storage.count < capacity {
            storage.append(bucket)
        } else {
            storage[head] = bucket
            head = (head + 1) % capacity
        }
    }

    /// The index of the first complete bucket that isn't older than a time; `count` if all are.
    ///
    /// - Complexity: O(log `count`).
    func firstIndex(since time: Double) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The figure at a time, interpolated between the buckets around it; `nil` outside of what is kept, or in a gap.
    func value(at time: Double) -> Double? {
        let next = firstIndex(since: time)
        guard next < count else { return nil }
        let after = self[next]
        if next == 0 { return after.time - time <= width / 2 ? after.mean : nil }
        let before = self[next - 1]
        let span = after.time - before.time
        guard span <= 4 * width else { return nil }
        return before.mean + (after.mean - before.mean) * (time - before.time) / span
    }
}
