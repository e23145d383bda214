final class Jobs: @unchecked Sendable {
    private let queue = DispatchQueue(label: "jobs")
    private var waiting: [Int: Job] = [:]

    func add(_ job: Job) {
        queue.async { self.waiting[job.id] = job }
    }
}
