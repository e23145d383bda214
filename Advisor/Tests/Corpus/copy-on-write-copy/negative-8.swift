struct Queue {
    var byKey: [Int: [Job]] = [:]

    mutating func add(_ job: Job) {
        var list = byKey[job.key] ?? []
        byKey[job.key] = nil
        list.append(job)
        byKey[job.key] = list
    }
}
