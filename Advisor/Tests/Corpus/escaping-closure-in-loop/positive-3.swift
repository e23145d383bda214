func schedule(_ queue: Queue) {
    while let job = queue.next() {
        let name = job.name
        queue.enqueue { print(name) } // expect: escaping-closure-in-loop
    }
}
