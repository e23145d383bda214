protocol Job: Sendable { func run() }
struct Download: Job {
    let url: String
    let size: Int
    let tries: Int
    func run() {}
}
func queue(_ urls: [String]) -> Int {
    var jobs = [any Job]()
    var index = 0
    while index < urls.count {
        jobs.append(Download(url: urls[index], size: 0, tries: 3)) // expect: existential-in-loop
        index += 1
    }
    return jobs.count
}
