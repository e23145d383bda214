/// What is known about when entries of a class are asked for again, and the worth of an entry that follows from it.
///
/// **Classes.** Entries asked for once are one class. The others are told apart by how often (2, 3–4, 5–8, more) and by the octave of the last
/// gap between two requests, from a sixteenth of the capacity up.
///
/// **What is measured.** For each class and age bucket two sums: requests that came at that age, and how long entries were of that age
/// (exposure). Their ratio is the rate of requests at that age, right also for entries whose next request is still to come
/// (a piecewise exponential hazard). Both sums fade, over a long and a short time: the short one counts where it has data.
///
/// **What fills the gaps.** A rate of little data leans on the next coarser one: short-lived data of the class → long-lived data of the class →
/// all classes of the same gap → all classes, age taken relative to the gap → a fixed curve. The curve says that a gap tends to repeat
/// and that entries asked for once come back mostly late; it decides until a few requests were seen.
///
/// **Worth.** The index of Gittins: the largest ratio, over all times one could keep the entry, of the chance of a request to
/// the expected time in the cache. It rises towards an age at which requests are due, so a loop larger than the cache keeps a part of
/// itself; it falls where requests become rarer, which is recency; and it is high for frequent classes.
///
/// Sources: Gittins, "Bandit processes and dynamic allocation indices" (1979, doi:10.1111/j.2517-6161.1979.tb01068.x); Beckmann, Chen and
/// Cidon, "LHD: Improving cache hit rate by maximizing hit density" (NSDI 2018); Jiang and Zhang, "LIRS" (2002,
/// doi:10.1145/511334.511340) for the gap as what tells entries apart. Unlike LHD's, the rates come from keys picked by hash whether
/// resident or not, so what the policy evicts doesn't colour what it learns.
struct ReuseModel: ~Copyable {
    /// Groups of the number of requests, the first without a gap.
    private static let countClasses = 5
    /// Octaves of the last gap that are told apart.
    private static let gapClasses = 11
    /// How many classes there are.
    static let classCount = 1 + (countClasses - 1) * gapClasses
    /// How many age buckets a class has room for: ages to twice the longest horizon.
    static let bucketLimit = 48
    /// How many capacities it looks back.
    ///
    /// Less forgets loops and drifts, more keeps more of the past in memory.
    private static let horizonFactor: UInt64 = 8
    /// The horizon of huge caches: ages wrap around at four times it.
    private static let maximumHorizon: UInt64 = 1 << 22
    /// In how many capacities long-lived data fades by half.
    private static let longHalfLife: Float = 200
    /// In how many capacities short-lived data fades by half.
    private static let shortHalfLife: Float = 3
    /// How many requests the fixed curve and each pool count for.
    ///
    /// Anything from 1 to 16 does.
    private static let poolStrength: Float = 4
    /// How many requests the long-lived data counts for against the short-lived.
    ///
    /// Less follows changes sooner and is noisier.
    private static let longStrength: Float = 80

    /// How many entries the cache holds: ages are judged relative to it.
    let scale: UInt32
    /// The octave of the smallest gap that has a class of its own.
    let firstOctave: Int
    /// The age after which an unrequested key is forgotten.
    let horizon: UInt32
    /// How many buckets lie within the horizon.
    let bucketCount: Int

    /// Worth by class and bucket, `bucketLimit` buckets per class, and of free slots.
    let worth: UnsafeMutablePointer<Float>
    /// The first cell of the class of each combination of requests and octave in a word.
    private let rows: UnsafeMutablePointer<UInt16>
    private let longHits: UnsafeMutablePointer<Float>
    private let longTime: UnsafeMutablePointer<Float>
    private let shortHits: UnsafeMutablePointer<Float>
    private let shortTime: UnsafeMutablePointer<Float>
    /// Sums over all counts by gap and bucket, then sums by age relative to the gap.
    private let pooled: UnsafeMutablePointer<Float>
    private let starts: UnsafeMutablePointer<Float>
    private var roundTick: UInt32 = 0
    private var nextClass = 0

    /// Where a relative age of 1 lies in the pool of relative ages.
    private static let relativeOffset = 52
    private static let relativeCount = 128
    private static let cells = classCount * bucketLimit
    private static let pooledCells = 2 * (gapClasses * bucketLimit + relativeCount)

    /// Makes a model that has seen nothing, for a cache of so many entries.
    init(scale: UInt32) {
        self.scale = max(scale, 1)
        firstOctave = Int(ReuseAge.octave(max(scale / 16, 1)))
        horizon = UInt32(min(UInt64(self.scale) * Self.horizonFactor + 16, Self.maximumHorizon))
        bucketCount = min(ReuseAge.bucket(horizon) + 1, Self.bucketLimit - 1)
        func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
            let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
            memory.initialize(repeating: 0, count: count)
            return memory
        }
        worth = zeros(Self.cells + Self.bucketLimit)
        // The row behind the last class is that of free slots.
        (worth + Self.cells).update(repeating: .infinity, count: Self.bucketLimit)
        longHits = zeros(Self.cells)
        longTime = zeros(Self.cells)
        shortHits = zeros(Self.cells)
        shortTime = zeros(Self.cells)
        pooled = zeros(Self.pooledCells)
        starts = zeros(Self.bucketLimit + 1)
        for bucket in 0...Self.bucketLimit { starts[bucket] = ReuseAge.start(ofBucket: bucket) }
        rows = .allocate(capacity: ReuseWord.classBitsCount)
        for bits in 0..<ReuseWord.classBitsCount {
            let word = ReuseWord(bits: UInt64(bits) << ReuseWord.classShift)
            let number = classNumber(requests: word.requests, octave: word.octave)
            let row = word.requests == 0 ? Self.cells : number * Self.bucketLimit
            rows.advanced(by: bits).initialize(to: UInt16(row))
        }
        for number in 0..<Self.classCount { updateWorth(ofClass: number) }
    }

    deinit {
        worth.deallocate()
        rows.deallocate()
        longHits.deallocate()
        longTime.deallocate()
        shortHits.deallocate()
        shortTime.deallocate()
        pooled.deallocate()
        starts.deallocate()
    }

    /// The class of an entry.
    @inline(__always)
    func classNumber(requests: UInt32, octave: UInt32) -> Int {
        let group = Int(ReuseWord.group(ofRequests: requests))
        guard group > 0 else { return 0 }
        let gap = min(max(Int(octave) - firstOctave, 0), Self.gapClasses - 1)
        return 1 + (group - 1) * Self.gapClasses + gap
    }

    /// What an entry of a word is worth at a time.
    @inline(__always)
    func worth(of word: ReuseWord, at now: UInt32) -> Float { table.worth(of: word, at: now) }

    /// What entries are worth, for looking many of them up.
    @inline(__always)
    var table: Table { Table(worth: worth, rows: rows) }

    /// Where the model keeps what entries are worth.
    struct Table {
        let worth: UnsafeMutablePointer<Float>
        let rows: UnsafeMutablePointer<UInt16>

        /// What an entry of a word is worth at a time.
        @inline(__always)
        func worth(of word: ReuseWord, at now: UInt32) -> Float {
            // Rows are zero beyond the horizon.
            worth[Int(rows[word.classBits]) &+ ReuseAge.quickBucket(word.age(at: now))]
        }
    }
}

// MARK: - Learning
extension ReuseModel {
    // What changes only memory behind pointers isn't `mutating`: for compound assignments through them the compiler emits invalid code in
    // thread sanitizer builds (Swift 6.3.1).

    /// Counts a request of an entry of a class at an age.
    func countRequest(class number: Int, age: UInt32) {
        let cell = number * Self.bucketLimit + min(ReuseAge.bucket(age), bucketCount - 1)
        longHits[cell] += 1
        shortHits[cell] += 1
    }

    /// Counts that an entry of a class went through a stretch of ages.
    func expose(class number: Int, from: Float, to: Float) {
        guard to > from else { return }
        let row = number * Self.bucketLimit
        var bucket = ReuseAge.bucket(UInt32(from))
        while bucket < bucketCount {
            let time = min(to, starts[bucket + 1]) - max(from, starts[bucket])
            if time > 0 {
                longTime[row + bucket] += time
                shortTime[row + bucket] += time
            }
            if starts[bucket + 1] >= to { return }
            bucket += 1
        }
    }

    /// Brings the worth of one class up to date, and all sums at the start of each round over the classes.
    mutating func step(at now: UInt32) {
        if nextClass == 0 {
            startRound(elapsed: now &- roundTick)
            roundTick = now
        }
        updateWorth(ofClass: nextClass)
        nextClass = nextClass + 1 == Self.classCount ? 0 : nextClass + 1
    }

    /// Lets all sums fade and adds up the coarser ones.
    ///
    /// - Parameter ticks: How long the last round took.
    private func startRound(elapsed ticks: UInt32) {
        let elapsed = Float(ticks)
        let long = fade(elapsed / (Float(scale) * Self.longHalfLife + 1000))
        let short = fade(elapsed / (Float(scale) * Self.shortHalfLife + 50))
        pooled.update(repeating: 0, count: Self.pooledCells)
        let relative = pooled + 2 * Self.gapClasses * Self.bucketLimit
        for number in 0..<Self.classCount {
            let row = number * Self.bucketLimit
            for cell in row..<row + bucketCount {
                longHits[cell] *= long
                longTime[cell] *= long
                shortHits[cell] *= short
                shortTime[cell] *= short
            }
            guard number > 0 else { continue }
            let gap = (number - 1) % Self.gapClasses
            let gapBucket = 2 * (gap + firstOctave)
            let unit = 1 / starts[min(gapBucket + 1, Self.bucketLimit)]
            let ownRow = gap * Self.bucketLimit
            for bucket in 0..<bucketCount {
                let hits = longHits[row + bucket]
                let time = longTime[row + bucket]
                pooled[2 * (ownRow + bucket)] += hits
                pooled[2 * (ownRow + bucket) + 1] += time
                let place = bucket - gapBucket + Self.relativeOffset
                guard place >= 0, place < Self.relativeCount else { continue }
                relative[2 * place] += hits
                relative[2 * place + 1] += time * unit
            }
        }
    }

    /// 2 to the power of `-halfLives`, near enough.
    private func fade(_ halfLives: Float) -> Float {
        // (1 + x/16)^16 with x = ln 2 · halfLives
        var value = 1 + halfLives * 0.693_147 / 16
        for _ in 0..<4 { value *= value }
        return 1 / value
    }
}

// MARK: - Worth
extension ReuseModel {
    /// A rate with little data leans on a coarser one as if that had seen so many requests.
    @inline(__always)
    private func blend(_ hits: Float, _ time: Float, _ strength: Float, _ coarser: Float) -> Float {
        (hits + strength) / (time + strength / coarser)
    }

    /// Works out the worth of a class at all ages.
    mutating func updateWorth(ofClass number: Int) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * Self.bucketLimit) { scratch in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.bucketLimit) { ends in
                guard let hits = scratch.baseAddress, let end = ends.baseAddress else { return }
                let time = hits + Self.bucketLimit
                fillCurve(ofClass: number, hits: hits, time: time)
                // From the oldest bucket down, stretches of buckets are joined while the later one has the higher ratio:
                // what then begins at a bucket is the best stretch that begins there.
                for bucket in stride(from: bucketCount - 1, through: 0, by: -1) {
                    var next = bucket + 1
                    while next < bucketCount, hits[next] * time[bucket] > hits[bucket] * time[next] {
                        hits[bucket] += hits[next]
                        time[bucket] += time[next]
                        next = end[next]
                    }
                    end[bucket] = next
                    worth[number * Self.bucketLimit + bucket] = hits[bucket] / time[bucket]
                }
            }
        }
    }

    /// The chance of a request in each bucket and the expected time spent in it, as seen from age 0.
    private func fillCurve(
        ofClass number: Int, hits: UnsafeMutablePointer<Float>, time: UnsafeMutablePointer<Float>
    ) {
        let row = number * Self.bucketLimit
        let relative = pooled + 2 * Self.gapClasses * Self.bucketLimit
        let gap = number == 0 ? 0 : (number - 1) % Self.gapClasses
        // The bucket the fixed curve is laid at: of the capacity, or of the gap.
        let origin = number == 0 ? ReuseAge.bucket(scale) : 2 * (gap + firstOctave)
        let unit = starts[min(origin + 1, Self.bucketLimit)]
        var alive: Float = 1
        for bucket in 0..<bucketCount {
            let width = starts[bucket + 1] - starts[bucket]
            var rate = ReusePrior.rate(requestedBefore: number > 0, halfOctavesFromOrigin: bucket - origin) / width
            if number > 0 {
                let place = min(max(bucket - origin + Self.relativeOffset, 0), Self.relativeCount - 1)
                rate = blend(relative[2 * place], relative[2 * place + 1], Self.poolStrength, rate * unit) / unit
                let own = pooled + 2 * (gap * Self.bucketLimit + bucket)
                rate = blend(own[0], own[1], Self.poolStrength, rate)
            }
            rate = blend(longHits[row + bucket], longTime[row + bucket], Self.poolStrength, rate)
            rate = blend(shortHits[row + bucket], shortTime[row + bucket], Self.longStrength, rate)
            let x = rate * width
            let requested = alive * (1 - 1 / (1 + x * (1 + x * (0.5 + x / 6))))
            hits[bucket] = requested
            time[bucket] = requested / rate
            alive = max(alive - requested, 1e-12)
        }
    }
}
