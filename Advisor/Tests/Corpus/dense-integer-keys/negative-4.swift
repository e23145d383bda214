// Removed again.
func schedule(_ jobs: [Job]) -> Int {
    var waiting: [Int: Job] = [:]
    for i in jobs.indices {
        waiting[i] = jobs[i]
    }
    while let next = ready() { waiting[next] = nil }
    return waiting.count
}
