"""What the demo web holds, as data: people, posts, articles. All of it is invented."""
