final class Queue {
    static var waiting: [Int: Job] = [:] // expect: unprotected-shared-dictionary

    func add(_ job: Job) {
        DispatchQueue.global(qos: .utility).async { Queue.waiting[job.id] = job }
    }
}
