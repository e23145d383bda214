struct Job {
    let createdAt: Date
}
final class Jobs {
    private var jobs: [Int: Job] = [:]

    func older(_ id: Int, _ other: Job) -> Bool {
        guard let job = jobs[id] else { return false }
        return job.createdAt < other.createdAt
    }
    func add(_ id: Int, _ job: Job) { jobs[id] = job }
}
